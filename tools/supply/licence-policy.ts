/** Licences under which a package may be shipped in a function. */
export const shipped = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** Licences that a tool may have besides, data included: what is built with it carries nothing of it. */
export const tools = [...shipped, 'BlueOak-1.0.0', 'CC-BY-3.0', 'CC-BY-4.0', 'CC0-1.0', 'PSF-2.0', 'Python-2.0'];

/** Tools under another licence, each with its reason. Nothing that is shipped is ever excepted. */
export const exceptions: Record<string, string> = {
  '@cloud-copilot/iam-policy': 'AGPL-3.0: evaluates policies in tests; it is neither shipped nor offered as a service',
  '@cloud-copilot/iam-simulate':
    'AGPL-3.0: evaluates policies in tests; it is neither shipped nor offered as a service',
  '@cloud-copilot/iam-utils': 'AGPL-3.0: evaluates policies in tests; it is neither shipped nor offered as a service',
  'axe-core': 'MPL-2.0: looks at pages in a test browser, unchanged; nothing of it is shipped',
};
