const lanes = require('./lanes.json');
const pure = require('./pure.json');
const rooms = require('./rooms.json');

const anyOf = (names) => `(${names.join('|')})`;
const steps = (names) => names.map((name) => `^functions/${name}${name.endsWith('/') ? '' : '\\.ts$'}`);

const names = Object.keys(rooms);

/** A room imports itself and the rooms that rooms.json names for it; one that may import all needs no rule. */
const limited = Object.entries(rooms).filter(([, { imports }]) => imports.length < names.length - 1);
const roomRules = limited.map(([room, { imports }]) => ({
  name: `${room}-only-rooms-below`,
  comment: `Imports go downwards only, as tools/imports/rooms.json defines.`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: `^${anyOf(names)}/`,
    pathNot: `^${anyOf([room, ...imports])}/`,
  },
}));

const pureSteps = {
  path: [...pure.rooms.map((room) => `^functions/${room}/`), ...steps(pure.files)],
  pathNot: steps(pure.except),
};

const unitTests = {
  path: '^tests/.*\\.test\\.ts$',
  pathNot: lanes.drill.map((name) => `^tests/${name}${name.endsWith('/') ? '' : '\\.'}`),
};

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Of two files that import each other, neither can be read, tested or moved alone. Types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...roomRules,
    {
      name: 'pure-steps-reach-no-client',
      comment:
        'Code that decides makes no calls: pass in what it needs. Types that it shares with callers belong to it.',
      severity: 'error',
      from: pureSteps,
      to: { path: '^functions/shared/clients/', reachable: true },
    },
    {
      name: 'pure-steps-import-no-sdk',
      comment: 'Only the few files that convert AWS responses know their types; tools/imports/pure.json lists them.',
      severity: 'error',
      from: { ...pureSteps, pathNot: [...pureSteps.pathNot, ...steps(pure.knowTypesOfAws)] },
      to: { path: '(^|/)@aws-sdk/' },
    },
    {
      name: 'the-cloud-knows-no-step',
      comment: 'The simulated cloud follows AWS documentation, never the assumptions of the steps.',
      severity: 'error',
      from: { path: '^drill/cloud/' },
      to: { path: '^functions/', pathNot: '^functions/shared/errors\\.ts$' },
    },
    {
      name: 'the-checker-knows-no-step',
      comment: 'The invariant checker does not rely on the playbooks’ own code.',
      severity: 'error',
      from: { path: '^drill/check/' },
      to: { path: '^functions/', pathNot: '^functions/guard/kill-switch-key\\.ts$' },
    },
    {
      name: 'unit-tests-need-no-stack',
      comment: 'Tests of the packaged stack run in the drill lane; tools/imports/lanes.json lists them.',
      severity: 'error',
      from: unitTests,
      to: { path: '^drill/(stack/stack|packaging/package-stage)\\.ts$', reachable: true },
    },
    {
      name: 'unit-tests-start-no-process',
      comment: 'A process takes a second to start, so such tests run in the drill lane (tools/imports/lanes.json).',
      severity: 'error',
      from: unitTests,
      to: { path: '^(node:)?(child_process|worker_threads)$' },
    },
  ],
  options: {
    // TypeScript 7 has no parser for JavaScript programs; swc parses types and values alike, so both count as imports.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.d.ts'] },
  },
};
