// Stands in for `node:stream/web` in the bundles: middy asks for it at import and uses it for streamed responses only,
// which no step gives. The global of the same name is loaded when it is first asked for.
module.exports = {
  get ReadableStream() {
    return globalThis.ReadableStream;
  },
};
