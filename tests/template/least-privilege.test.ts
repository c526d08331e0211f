import { conditions } from './mistakes/conditions';
import { denials } from './mistakes/denials';
import { partitions } from './mistakes/partitions';
import { resources } from './mistakes/resources';
import { rights } from './mistakes/rights';
import { devTemplate, iamFindings } from './packaged';

test('every function, machine and rule may do what it calls, and nothing else', async () => {
  expect(await iamFindings(await devTemplate())).toEqual([]);
});

describe.each([
  ['in actions', rights],
  ['in conditions', conditions],
  ['in resources', resources],
  ['in what is denied', denials],
  ['in partitions of the table', partitions],
])('a planted mistake %s is found:', (_where, mistakes) => {
  test.each(mistakes)('%s', async (_what, mistake, finding) => {
    const findings = await iamFindings(await devTemplate(mistake));

    expect(findings).toContainEqual(expect.stringContaining(finding));
  });
});
