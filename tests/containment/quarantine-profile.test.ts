import { quarantineProfileArn } from '../../functions/containment/quarantine-profile';
import { inPlace } from '../../functions/place/in-place';

const own = 'arn:aws:iam::123456789012:instance-profile/incident-playbooks-dev-quarantine-us-east-1';
beforeEach(() => {
  process.env.QUARANTINE_PROFILE_ARN = own;
});
afterEach(() => {
  delete process.env.QUARANTINE_PROFILE_ARN;
});

test('in its own account the stage has its own profile', () => {
  expect(quarantineProfileArn({ STAGE: 'dev' })).toBe(own);
});

test.each([
  ['us-east-1', 'arn:aws:iam::210987654321:instance-profile/quarantine-incident-playbooks-dev'],
  ['cn-north-1', 'arn:aws-cn:iam::210987654321:instance-profile/quarantine-incident-playbooks-dev'],
])('in another account of %s it is the profile of that account', async (region, arn) => {
  const stay = { place: { account: '210987654321', region }, incidentId: 'inc-1', instanceId: 'i-0123456789abcdef0' };

  await expect(inPlace(stay, async () => quarantineProfileArn({ STAGE: 'dev' }))).resolves.toBe(arn);
});
