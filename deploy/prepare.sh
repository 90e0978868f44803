#!/bin/sh
# Makes what compose.yaml needs and nobody else may know: passwords in .env, the secret key and certificates in
# deploy/secrets. Usage: sh deploy/prepare.sh mqtt.example.org
# What is there already is left as it is.
set -eu
umask 077
name=${1:?usage: sh deploy/prepare.sh NAME, the host name by which devices and browsers reach this machine}
cd "$(dirname "$0")/.."
secrets=deploy/secrets
mkdir -p "$secrets"
random() { openssl rand -hex 24; }

if [ ! -e .env ]; then
  # The letter in front keeps NATS from reading a password of digits as a number.
  printf 'PUBLIC_NAME=%s\nPOSTGRES_PASSWORD=p%s\nNATS_PASSWORD=n%s\n' "$name" "$(random)" "$(random)" > .env
fi
if [ ! -e "$secrets/secret.key" ]; then
  openssl rand 32 | openssl base64 -A | tr '+/' '-_' | tr -d '=' > "$secrets/secret.key"
fi
if [ ! -e "$secrets/tls.key" ]; then
  # An authority of your own. With a certificate that browsers trust: put it, its key and its root in place of tls.crt, tls.key and ca.crt.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/O=Gatehouse/CN=Gatehouse $name" \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout "$secrets/ca.key" -out "$secrets/ca.crt" 2> /dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$secrets/tls.key" -out "$secrets/tls.csr" 2> /dev/null
  printf 'subjectAltName=DNS:%s\nextendedKeyUsage=serverAuth\n' "$name" > "$secrets/tls.ext"
  openssl x509 -req -in "$secrets/tls.csr" -CA "$secrets/ca.crt" -CAkey "$secrets/ca.key" -CAcreateserial -days 825 \
    -extfile "$secrets/tls.ext" -out "$secrets/tls.crt" 2> /dev/null
  rm -f "$secrets/tls.csr" "$secrets/tls.ext"
fi
cat "$secrets/tls.crt" "$secrets/tls.key" > "$secrets/console.pem"
# Containers run as users of their own and read these files; on this machine the folder keeps others out.
chmod 0700 "$secrets"
chmod 0644 "$secrets/secret.key" "$secrets/tls.key" "$secrets/tls.crt" "$secrets/ca.crt" "$secrets/console.pem"
echo "Made: .env and $secrets. Keep $secrets/secret.key apart from your backups; without it what is sealed in the database stays closed."
