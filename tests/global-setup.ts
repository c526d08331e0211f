/** Stands in for the packaging of the stages, which the template tests need. */
export default async function setup(): Promise<void> {}
