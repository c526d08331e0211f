const accountForm = /^\d{12}$/;

/** The account and region in each ARN; whatever else stands in their place counts as said, so that it contradicts. */
export function arnsOf(texts: readonly string[], field: string): { field: string; account: string; region: string }[] {
  return texts
    .filter((text) => text.startsWith('arn:'))
    .map((text) => {
      const [, , , region = '', account = ''] = text.split(':');
      return { field, region: region || 'none', account: accountForm.test(account) ? account : 'none' };
    });
}
