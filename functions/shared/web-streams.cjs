// Replaces `node:stream/web` in the bundles: middy imports it but uses it only for streamed responses, which no step
// returns. The global of the same name is loaded on first use.
module.exports = {
  get ReadableStream() {
    return globalThis.ReadableStream;
  },
};
