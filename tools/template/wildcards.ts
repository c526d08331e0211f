import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, visit } from 'yaml';

/** A `*` in a policy that nobody gave a reason for. */
export interface Wildcard {
  file: string;
  line: number;
  text: string;
}

/**
 * Finds each `*` in the resources of IAM statements that has no reason beside it: a comment at the resource itself, at its
 * key, or a condition in the same statement that narrows it.
 * @param text a YAML file with statements, as `functions.yml` or a file of resources/ holds them
 */
export function unexplainedWildcards(file: string, text: string): Wildcard[] {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    customTags: ['!Ref', '!GetAtt', '!Sub'].map((tag) => ({ tag, resolve: (value: string) => value })),
    merge: true,
  });
  const found: Wildcard[] = [];
  visit(document, {
    Map(_key, map) {
      const pair = (name: string) => map.items.find(({ key }) => isScalar(key) && key.value === name);
      const resource = pair('Resource');
      const effect = pair('Effect')?.value;
      if (!resource || !isScalar(effect) || effect.value !== 'Allow') return;
      for (const node of wildcardsOf(resource.value as Node)) {
        const isAny = node.value === '*';
        if (isExplained(resource, node) || (!isAny && pair('Condition'))) continue;
        found.push({ file, line: lines.linePos(node.range![0]).line, text: String(node.value) });
      }
    },
  });
  return found;
}

/** The texts with a `*` at a resource; what an alias stands for is looked at where it is written. */
function wildcardsOf(node: Node | null) {
  if (node === null || isAlias(node) || isMap(node) || isPair(node)) return [];
  const items = isSeq(node) ? node.items : [node];
  return items.filter((item) => isScalar<string>(item)).filter(({ value }) => String(value).includes('*'));
}

function isExplained({ key, value }: Pair, node: Node): boolean {
  const first = isSeq(value) ? (value.items[0] as Node) : undefined;
  const places = [key, value, node, first === node ? undefined : first] as (Node | null | undefined)[];
  return places.some((place) => Boolean(place?.commentBefore || place?.comment));
}
