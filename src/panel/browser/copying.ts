/** Buttons that copy the text they name. They are hidden where nothing could be copied. */

export function startCopying(root: ParentNode = document): void {
  // The clipboard is there on https: and on this machine only.
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    button.hidden = false;
    button.addEventListener('click', () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy ?? '');
    button.textContent = 'copied';
  } catch {
    button.textContent = 'not copied';
  }
  setTimeout(() => {
    button.textContent = words;
  }, 1500);
}
