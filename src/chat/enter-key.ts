/** What we look at of a key event. */
interface Key {
  key: string;
  shiftKey: boolean;
  altKey?: boolean;
  ctrlKey?: boolean;
  metaKey?: boolean;
  keyCode: number;
  isComposing: boolean;
}

/**
 * Whether this key sends the message. Enter that ends the composition of a Korean syllable does not:
 * browsers tell that by `isComposing`, Safari by key code 229 after the composition has ended.
 */
export function sendsMessage({ key, shiftKey, altKey, keyCode, isComposing }: Key): boolean {
  return key === 'Enter' && !shiftKey && !altKey && !isComposing && keyCode !== 229;
}
