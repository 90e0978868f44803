# Gatehouse: the broker, its API and its console in one image. `docker build -t gatehouse .`
# Guide: docs/guides/containers.md

# The Node that the tests run on; another from 20.19 on by --build-arg NODE_VERSION=…
ARG NODE_VERSION=20.20.2

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
COPY . .
# `release` lays what runs, without what builds or tests it, into a folder of its own.
RUN npm ci --no-audit --no-fund \
 && npx turbo run build --output-logs=errors-only \
 && node scripts/release.mjs /release

FROM node:${NODE_VERSION}-bookworm-slim
LABEL org.opencontainers.image.title="Gatehouse" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 GATEHOUSE_DATA_DIR=/data
# The program is root's and cannot be changed by who runs it; only /data is theirs.
COPY --from=build /release /app
RUN ln -s /app/apps/server/bin/gatehouse.js /usr/local/bin/gatehouse \
 && install -d -o node -g node -m 0700 /data /data/pki
USER 1000:1000
WORKDIR /data
VOLUME /data
EXPOSE 1883 8883 8083 8084 3000 8080
# Not ready while it is drained, too: whoever asks leaves it out, and nobody restarts it for that.
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["node", "/app/deploy/health.mjs"]
# Node is the first process: it hears SIGTERM, tells its clients (0x8B), and waits for its console, its only child.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/apps/server/bin/gatehouse.js"]
CMD ["start"]
