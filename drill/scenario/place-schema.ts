import { z } from 'zod';
import { instanceSpecSchema } from '../cloud';

/** Instances of a fleet, of which several may be alike. */
export const fleetSchema = z
  .array(
    instanceSpecSchema.extend({
      count: z.number().int().positive().max(2000).default(1).describe('The number of such instances.'),
    }),
  )
  .min(1);

const accountId = z
  .string()
  .regex(/^\d{12}$/, 'expected an account ID of 12 digits')
  .describe('The account’s ID.');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region');

/** An account beside the own one, or another region of either. */
export const placeSchema = z.strictObject({
  account: accountId,
  region: region.optional().describe('Its region; by default the cell’s. Events of another region reach another cell.'),
  fleet: fleetSchema.prefault([{}]).describe('Its instances, with the fields of `fleet`.'),
  listed: z.boolean().default(true).describe('Whether the stage lists the account as its own or a spoke.'),
  reachable: z.boolean().default(true).describe('Whether STS is activated for the account in this region.'),
  roles: z
    .enum(['present', 'missing'])
    .default('present')
    .describe(
      'Whether the account has the roles that the hub takes on; they come with its place in the cell’s region.',
    ),
  managed: z.boolean().default(false).describe('Whether Systems Manager manages its instances.'),
  faults: z
    .array(z.looseObject({ name: z.string() }))
    .default([])
    .describe('What goes wrong in it, as in `faults`.'),
});

/** What must be true of one place at the end. */
export const expectedPlaceSchema = z.strictObject({
  account: accountId,
  region: region.optional().describe('Its region; by default the cell’s.'),
  instanceState: z
    .enum(['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'])
    .optional()
    .describe('Final state of its first instance.'),
  effects: z
    .record(z.string(), z.number().int().nonnegative())
    .default({})
    .describe('How often a command changed something there.'),
  untouched: z
    .literal(true)
    .optional()
    .describe('Nothing was changed there and, in another account or region, nothing read either.'),
});
