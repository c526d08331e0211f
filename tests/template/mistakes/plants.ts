import { valueAt, type WholeTemplate } from '../../../tools/template/checks/model';

/** A mistake that a test makes in a whole packaged template. */
export type Plant = (resources: WholeTemplate['Resources']) => void;
/** What was done wrong, and how the finding begins. */
export type PlantedIn = [what: string, plant: Plant, finding: string];

/** Sets, or with undefined takes away, a value within a resource. */
export const set = (id: string, path: string, value: unknown): Plant => {
  return (resources) => {
    const names = path.split('.');
    const last = names.pop()!;
    const inner = names.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], resources[id]);
    (inner as Record<string, unknown>)[last] = value;
  };
};

/** Adds a statement to a policy that is found at a path. */
export const letIn = (id: string, path: string, added: unknown): Plant => {
  return (resources) => {
    const policy = valueAt(resources[id], path) as { Statement: unknown[] };
    policy.Statement.push(added);
  };
};
