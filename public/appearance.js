// Before the first paint: the theme that was chosen on this device (src/theme/preference.ts).
try {
  const theme = localStorage.getItem('openclaw.device.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // No storage, no choice.
}
