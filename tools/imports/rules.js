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
  comment: `Imports point downwards only; which room may import which stands in tools/imports/rooms.json.`,
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
        'What decides calls nobody: give it what it needs. Types that it shares with what calls stand on its side.',
      severity: 'error',
      from: pureSteps,
      to: { path: '^functions/shared/clients/', reachable: true },
    },
    {
      name: 'pure-steps-import-no-sdk',
      comment:
        'The few that bring an answer of AWS into our own words know its type; they stand in tools/imports/pure.json.',
      severity: 'error',
      from: { ...pureSteps, pathNot: [...pureSteps.pathNot, ...steps(pure.knowTypesOfAws)] },
      to: { path: '(^|/)@aws-sdk/' },
    },
    {
      name: 'the-cloud-knows-no-step',
      comment: 'The simulated cloud rests on documents of AWS, never on what the steps believe.',
      severity: 'error',
      from: { path: '^drill/cloud/' },
      to: { path: '^functions/', pathNot: '^functions/shared/errors\\.ts$' },
    },
    {
      name: 'the-checker-knows-no-step',
      comment: 'The checker of the invariants takes no word of a playbook for it.',
      severity: 'error',
      from: { path: '^drill/check/' },
      to: { path: '^functions/', pathNot: '^functions/guard/kill-switch-key\\.ts$' },
    },
    {
      name: 'unit-tests-need-no-stack',
      comment: 'Tests of the packaged stack run in the lane of drills; they stand in tools/imports/lanes.json.',
      severity: 'error',
      from: unitTests,
      to: { path: '^drill/(stack/stack|packaging/package-stage)\\.ts$', reachable: true },
    },
    {
      name: 'unit-tests-start-no-process',
      comment: 'A process takes a second to start; such tests run in the lane of drills (tools/imports/lanes.json).',
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
