// Preloaded into the console: it ends when the server is gone, also after kill -9.
process.on('disconnect', () => {
  process.exit(0);
});
