/** The vectors of the project's EMQX reference (its section 2.2), verbatim: rule, stored for `public`, stored for `secret`. The salt is `salt`. */
export const RULE_VECTORS: readonly (readonly [rule: string, forPublic: string, forSecret: string])[] = [
  ['md5', '4c9184f37cff01bcdc32dc486ec36961', '5ebe2294ecd0e0f08eab7690d2a6ee69'],
  ['salt,md5', 'c91e85973ceee05f005996584f067a72', 'd42a0f742ffc1be4e1cc0845c2429c97'],
  ['md5,salt', 'b8fe9a6d76f4fa94adda07a7833e6402', '99cd2e5a95d555ee7be3b038a4a84625'],
  ['sha', '61c9b2b17db77a27841bbeeabff923448b0f6388', 'e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4'],
  ['salt,sha', '54625c8c5d22e86e9a3d2732bf48d0f43d343366', 'da00ec2e6ff9ed4d342b24a16e262c82f3c8b10b'],
  ['sha,salt', '43e71834067d59d83ae934bb80670178b810b9be', '8152bc582f58c854f580cb101d3182813dec4afe'],
  [
    'sha256',
    'efa1f375d76194fa51a3556a97e641e61685f914d446979da50a551a4333ffd7',
    '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b',
  ],
  [
    'salt,sha256',
    'f2ef7f9aedb2c3b5040bc16691a1177758a92ad91e1ee77770215a332bf6099f',
    'bede90386d450cea8b77b822f8887065e4e5abf132c2f9dccfcc7fbd4cba5e35',
  ],
  [
    'sha256,salt',
    'f4a8615be301fbaf6213df33cfe5f22953aafc0c31beb8f2daef55b127444d27',
    'f84fa2149dbb62ed4e0cf1f550d2949b33a6513d3a7707e08502511c79ccb0ee',
  ],
  ['pbkdf2,md5,1000,16', '94fbc777377f1b8fc221580bfaa82650', '234854d5323d19ce9767694cfba85ca4'],
  ['pbkdf2,md4,1000,16', '1742449931cf5788c03b79bcb43e0de3', '79c641fd868fc8427ccd299b4a301981'],
  [
    'pbkdf2,ripemd160,1000,20',
    'dd5c70c645d038c3daf2a89c2383dbf68f225636',
    'd20c29182821a23425487c6b6aaf3b8bd3aec798',
  ],
  [
    'pbkdf2,sha,1000,20',
    'f67ae9572c90d4f194d4be093a31f8c2d0e8accb',
    'fa7bab9eff3a06a5271ccfb9b6d8728d0c7a334d',
  ],
  [
    'pbkdf2,sha224,1000,28',
    '440c063c7c0d945982654740d4d65da68df19dac1424297091c84282',
    '0f697a862d2b819abee0b7e91d239dc096e45d9e51e5f336a5422de7',
  ],
  [
    'pbkdf2,sha256,1000,20',
    '5a21f11c597da1447641c0a5ba58b856a76f1084',
    'a8df899f3c4f204d967e0ad63c092987c10055eb',
  ],
  [
    'pbkdf2,sha256,1000,32',
    '5a21f11c597da1447641c0a5ba58b856a76f1084f674285a5d18776a58a0a32f',
    'a8df899f3c4f204d967e0ad63c092987c10055ebb017b3d9d28add218d4f7aad',
  ],
  [
    'pbkdf2,sha256,4096,32',
    '232c42ada7adef7a6e1d2e1393c85aa578a948e3e5a16777fa67d70f1caf8cb4',
    '609a62b5b687ba6592b12a552c79fe3bf19e4e145a167b795b7acab5e89fa0f6',
  ],
  [
    'pbkdf2,sha512,101,32',
    'e4a5c05b65b3c8e2d9f63972c4c9ab80ec57520d03808046554a23d62591a86c',
    'f91935f602437017788802c0bb2d7207b6bd4f93e63b96d9d062d075ab7d2a84',
  ],
  [
    'bcrypt',
    '$2b$10$abcdefghijklmnopqrstuuqB133muLbebjZ9nczmeCmyhpAaUpSbK',
    '$2b$10$abcdefghijklmnopqrstuuqflPDzB6gcMhKa1rZqKiun2YGL5sa2u',
  ],
  [
    'bcrypt',
    '$2b$04$abcdefghijklmnopqrstuuaNoRgelGRsJ2Tm9Zn/HHRlHib6lnzBu',
    '$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW',
  ],
  [
    'sha512',
    'd32997e9747b65a3ecf65b82533a4c843c4e16dd30cf371e8c81ab60a341de00051da422d41ff29c55695f233a1e06fac8b79aeb0a4d91ae5d3d18c8e09b8c73',
    'bd2b1aaf7ef4f09be9f52ce2d8d599674d81aa9d6a4421696dc4d93dd0619d682ce56b4d64a9ef097761ced99e0f67265b5f76085e5b0ee7ca4696b2ad6fe2b2',
  ],
  [
    'salt,sha512',
    '82112846414ba6fd95be5ac402188c3a7cf1a178485e937fded30f9e398c94094d2d742a41dd0982febd36484be12f19d3cf9130fe2d903d61b5c7ae9a327185',
    '9901847ff8c76bd5fb473b7bd2e4f4ddd110332a52a888fd69deb276613885ddf382e5cf1210ed0decdb8010ae3994331a9e0639c3ca7e9e8b110dd50978ce76',
  ],
  [
    'sha512,salt',
    '7ffaf674fc0b94835d6cdba9f3e80b7d7dc8efe5fe7cfe9f01d38d309718cef339fc3014fb007d2133d65d6fea8e904817670aeb69ca47a74554804c15e1bd4f',
    '138f75cab47d01d0a813badb38f612dc46604ae669544eb9003f71928d3cb3a7e5a0d7ac63f6697bdccc56f2e2c784b616241227df5122436f847a2634ef6e2f',
  ],
  [
    'pbkdf2,sha384,1000,48',
    'b54238180a44d6640882fb63d21f558049eb0443a63d9d60d47648e05463ca90e48fbd9a76178750c3016b600f8c2343',
    'c6e17f0cc36969c0935de75e73fb668be5d5dfba7bb40b6038829d3dbb563a2141d5ec44a41c98d079270a0cdce864a5',
  ],
  [
    'pbkdf2,sha512,1000,64',
    '87d9624dd999b355e0bd606f6c22bd9a19e148ddae60e7263a1ae1d695f7f927650218621b5ae98739b250dcb7e2f4553b35f862e8f8b099ecaa6202c006f550',
    'f76f72381b75f0deb1c339334a8c8974366cadbc6bf46460f978363de8d210dbccfa7a5908cfe50e6172bf6bc4d7b72dd48f1d543ce48736da7f7fcf6db4672c',
  ],
];
