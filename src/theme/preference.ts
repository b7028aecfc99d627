export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Read by public/appearance.js too, before the first paint. */
const prefix = 'openclaw.device.';

/** A choice of this device, if it is one of the allowed values. */
export function readPreference<Value extends string>(name: string, allowed: readonly Value[]): Value | null {
  try {
    const value = localStorage.getItem(prefix + name);
    return allowed.find((each) => each === value) ?? null;
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // A browser that keeps nothing still shows the choice until the page is left.
  }
}
