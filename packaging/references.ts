/** A resource of the template that is being packaged. */
export interface Resource {
  Type: string;
  Condition?: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string | string[];
}

/** The logical IDs that a resource waits for: those that it refers to, and those in DependsOn. Names of no resource are left out. */
function referencesOf(resource: Resource, Resources: Record<string, Resource>): Set<string> {
  const found = [...[resource.DependsOn ?? []].flat(), ...referredTo(resource.Properties)];
  return new Set(found.filter((id) => id in Resources));
}

/** The names that a part of the template refers to: logical IDs, and names of no resource. */
export function referredTo(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(referredTo);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'Ref') return [String(value)];
    if (key === 'Fn::GetAtt') return [Array.isArray(value) ? String(value[0]) : String(value).split('.')[0]!];
    if (key === 'Fn::Sub') return [...namesIn(Array.isArray(value) ? value[0] : value), ...referredTo(value)];
    return referredTo(value);
  });
}

/** `${Table.Arn}` refers to Table; `${!Literal}` to nothing. */
function namesIn(text: unknown): string[] {
  return [...String(text).matchAll(/\$\{(\w+)[^}]*\}/g)].map(([, name]) => name!);
}

/** What every resource waits for, directly or through others. */
export function allReferences(Resources: Record<string, Resource>): Map<string, Set<string>> {
  const direct = new Map(Object.entries(Resources).map(([id, one]) => [id, referencesOf(one, Resources)]));
  const reach = (id: string, seen: Set<string>) => {
    for (const other of direct.get(id)!) {
      if (seen.has(other)) continue;
      seen.add(other);
      reach(other, seen);
    }
    return seen;
  };
  return new Map(Object.keys(Resources).map((id) => [id, reach(id, new Set())]));
}
