// The only script of a page: switches colours, filters lists, shows every round, links the graph to the steps.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.getElementById('theme')?.addEventListener('click', () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : window.matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  });

  for (const list of all('[data-filter]')) {
    const search = list.querySelector('input[type=search]');
    const only = list.querySelector('select');
    const count = list.querySelector('[data-count]');
    const rows = all('[data-row]', list);
    const apply = () => {
      const wanted = search.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = !wanted || row.textContent.toLowerCase().includes(wanted);
        const isKind = !only?.value || row.dataset.row.split(' ').includes(only.value);
        row.hidden = !(fits && isKind);
        if (!row.hidden) shown += 1;
      }
      // A search shows every matching round of a loop.
      list.classList.toggle(
        'all',
        Boolean(wanted || only?.value) || Boolean(list.querySelector('[data-rounds]')?.checked),
      );
      if (count) count.textContent = `${shown} of ${rows.length}`;
    };
    search.addEventListener('input', apply);
    only?.addEventListener('change', apply);
    list.querySelector('[data-rounds]')?.addEventListener('change', apply);
    apply();
  }

  for (const node of all('svg.machine .node')) {
    const state = node.querySelector('title')?.textContent;
    const section = node.closest('[data-execution]');
    const step = section && all('[data-state]', section).find((one) => one.dataset.state === state);
    if (!step) continue;
    node.dataset.go = '';
    node.addEventListener('click', () => {
      step.hidden = false;
      step.querySelector('details').open = true;
      step.scrollIntoView({ block: 'center' });
      step.querySelector('summary').focus({ preventScroll: true });
    });
  }

  // On a narrow screen a machine is wider than its window: scroll to its start.
  for (const picture of all('svg.machine')) {
    const view = picture.parentElement;
    const start = picture.querySelector('.node')?.getBoundingClientRect();
    if (start) view.scrollLeft += start.left - view.getBoundingClientRect().left - view.clientWidth / 2;
  }

  // In print, everything is expanded except request bodies, which would fill pages.
  window.addEventListener('beforeprint', () => {
    for (const one of all('details')) if (!one.closest('.calls')) one.open = true;
  });
})();
