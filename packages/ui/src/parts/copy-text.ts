import { tell } from './toasts.tsx'

/** Puts a text where the reader can paste it from, and says whether that went well. */
export function copyText(text: string): void {
  // Pages that came over plain HTTP from another machine have no clipboard at all.
  const clipboard: Clipboard | undefined = navigator.clipboard
  const copied = clipboard ? clipboard.writeText(text) : Promise.reject(new Error('no clipboard'))
  copied.then(
    () => tell('good', 'Copied'),
    () => tell('bad', 'The browser does not allow copying here: select the text instead'),
  )
}
