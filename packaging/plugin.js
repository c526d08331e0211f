// The Serverless Framework loads plain JavaScript; what the plugin does is TypeScript like everything else.
const { register } = require('tsx/cjs/api');

const unregister = register();
module.exports = require('./packaging-plugin.ts').PackagingPlugin;
unregister();
