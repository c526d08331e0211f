// The Serverless Framework loads plain JavaScript; the plugin itself is TypeScript.
const { register } = require('tsx/cjs/api');

const unregister = register();
module.exports = require('./packaging-plugin.ts').PackagingPlugin;
unregister();
