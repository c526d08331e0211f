import { Command } from 'commander';
import { refuseSwallowed } from '../../drill/npm-swallowed';

const command = (...argv: string[]) =>
  new Command('drill')
    .option('--metrics <file>')
    .option('--all')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(argv, { from: 'user' });
const npm = { npm_lifecycle_event: 'drill' };

test('an option that npm kept for itself is refused, with what to write', () => {
  expect(() => refuseSwallowed(command(), { ...npm, npm_config_metrics: 'true' })).toThrow(
    "npm kept '--metrics' for itself; write -- before the options: npm run drill -- --metrics …",
  );
});

test.each([
  ['was given to the command', ['--metrics', 'x'], { ...npm, npm_config_metrics: 'true' }],
  ['is set, while another script runs', [], { npm_lifecycle_event: 'test', npm_config_metrics: 'true' }],
  ['is not set', [], npm],
])('one that %s is not', (_title, argv, environment) => {
  expect(() => refuseSwallowed(command(...argv), environment)).not.toThrow();
});

test('one that npm has too is only pointed out: it may be meant for npm', () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

  refuseSwallowed(command(), { ...npm, npm_config_all: 'true' });

  expect(said.mock.calls.join('')).toMatch(/^Note: npm kept '--all' for itself.*npm run drill -- --all/);
  said.mockRestore();
});
