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
    const switches = all('[data-show]', list);
    const apply = () => {
      const wanted = search.value.trim().toLowerCase();
      // A search covers what is usually folded away.
      const isSearch = Boolean(wanted || only?.value);
      const folded = switches.filter((one) => !one.checked && !isSearch).map((one) => one.dataset.show);
      let shown = 0;
      for (const row of rows) {
        const fits = !wanted || row.textContent.toLowerCase().includes(wanted);
        const isKind = !only?.value || row.dataset.row.split(' ').includes(only.value);
        row.hidden = !(fits && isKind) || folded.some((kind) => row.classList.contains(kind));
        if (!row.hidden) shown += 1;
      }
      for (const group of all('[data-group]', list)) group.hidden = !group.querySelector('[data-row]:not([hidden])');
      if (count) count.textContent = `${shown} of ${rows.length}`;
    };
    search.addEventListener('input', apply);
    only?.addEventListener('change', apply);
    for (const one of switches) one.addEventListener('change', apply);
    apply();
  }

  // The picture: it fits its window until somebody comes closer, and a state that is chosen is told beside it.
  for (const picture of all('[data-picture]')) {
    const view = picture.querySelector('.scroll');
    const svg = picture.querySelector('svg.machine');
    const detail = picture.querySelector('[data-detail]');
    const section = picture.closest('[data-execution]');
    const natural = svg.viewBox.baseVal.height;
    let scale = 0;
    const draw = () => {
      svg.style.height = scale === 0 ? '' : `${natural * scale}px`;
      picture.classList.toggle('whole', scale === 0);
    };
    const wholeScale = () => view.clientHeight / natural;
    const center = (node) => {
      const at = node.getBoundingClientRect();
      const window = view.getBoundingClientRect();
      view.scrollTop += at.top - window.top - view.clientHeight / 3;
      view.scrollLeft += at.left + at.width / 2 - window.left - view.clientWidth / 2;
    };
    const marked = () => picture.querySelector('.node.chosen') ?? picture.querySelector('.node');
    const zoom = (to) => {
      scale = to;
      draw();
      if (to !== 0) center(marked());
    };
    for (const button of all('[data-zoom]', picture)) {
      button.addEventListener('click', () => {
        const now = scale || wholeScale();
        if (button.dataset.zoom === 'fit') zoom(0);
        else zoom(button.dataset.zoom === 'in' ? Math.min(3, now * 1.5) : Math.max(wholeScale(), now / 1.5));
      });
    }
    const choose = (node, isAsked) => {
      const state = node.querySelector('title')?.textContent;
      const step = all('[data-state]', section).find((one) => one.dataset.state === state);
      if (!step) return;
      for (const one of all('.node.chosen', picture)) one.classList.remove('chosen');
      node.classList.add('chosen');
      const title = document.createElement('h4');
      title.textContent = state;
      const copy = step.querySelector('.more').cloneNode(true);
      detail.replaceChildren(title, copy);
      if (!isAsked) return;
      step.hidden = false;
      const isNarrow = getComputedStyle(detail).display === 'none';
      step.querySelector('details').open = true;
      if (isNarrow) step.scrollIntoView({ block: 'center' });
      step.querySelector('summary').focus({ preventScroll: true });
    };
    for (const node of all('.node', picture)) {
      const isPassed = !node.classList.contains('untouched');
      if (isPassed) node.dataset.go = '';
      node.addEventListener('click', () => choose(node, true));
    }
    draw();
    // What a person looks for first: what went wrong, else what was changed last, else where it ended.
    const steps = all('[data-state]', section);
    const last = (kind) => steps.filter((one) => one.dataset.row.split(' ').includes(kind)).at(-1)?.dataset.state;
    const wanted = last('trouble') ?? last('changed') ?? steps.at(-1)?.dataset.state;
    const first = all('.node', picture).find((one) => one.querySelector('title')?.textContent === wanted);
    if (first) choose(first, false);
    // On a narrow screen a machine that fits could not be read: it is shown in its own size, from where it begins.
    if (getComputedStyle(detail).display === 'none') {
      scale = 1;
      draw();
      const start = picture.querySelector('.node').getBoundingClientRect();
      view.scrollLeft += start.left + start.width / 2 - view.getBoundingClientRect().left - view.clientWidth / 2;
    }
  }

  // In print, everything is expanded except request bodies, which would fill pages.
  window.addEventListener('beforeprint', () => {
    for (const one of all('details')) if (!one.closest('.calls')) one.open = true;
  });
})();
