/** Keys: j and k go through a list, o opens, / goes to the filter. Only where nobody is writing. */

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const act = ACTS[event.key];
    if (act?.()) event.preventDefault();
  });
}

/** Each says whether it did anything. */
const ACTS: Readonly<Record<string, () => boolean>> = {
  j: () => step(1),
  k: () => step(-1),
  o: open,
  Enter: () => document.activeElement === document.body && open(),
  '/': () => {
    const field = document.querySelector<HTMLInputElement>('[data-filter]');
    field?.focus();
    field?.select();
    return field !== null;
  },
  '[': () => follow('[data-key="["]'),
  ']': () => follow('[data-key="]"]'),
  '+': () => follow('[data-key="+"]'),
  '-': () => follow('[data-key="-"]'),
};

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
  );
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-list] tr[data-open]')];
}

function step(by: 1 | -1): boolean {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.findIndex((row) => row.classList.contains('chosen'));
  const next =
    all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]!;
  for (const row of all) row.classList.toggle('chosen', row === next);
  next.querySelector<HTMLElement>('a')?.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

function open(): boolean {
  const link = document.querySelector<HTMLAnchorElement>('[data-list] tr.chosen[data-open] a');
  link?.click();
  return link !== null;
}

function follow(selector: string): boolean {
  const link = document.querySelector<HTMLElement>(selector);
  link?.click();
  return link !== null;
}
