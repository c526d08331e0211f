/** `1 volume`, `2 volumes`, `0 volumes`. @param many the plural where it is not `one` and an s */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
