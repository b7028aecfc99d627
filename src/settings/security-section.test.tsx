// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createMemoryApi } from '../api/memory-api.ts';
import { appAddress } from '../session/second-factor.ts';
import { email, openPage } from '../shell/app-under-test.tsx';
import { QrCode } from './qr-code.tsx';

test('the QR code tells the app whose code it is', async () => {
  const factor = {
    isOn: async () => false,
    begin: async () => 'GEZDGNBVGY3TQOJQ',
    confirm: async () => true,
    end: async () => {},
  };
  openPage(createMemoryApi(), { hash: '#/settings/security', factor });
  fireEvent.click(await screen.findByRole('button', { name: 'Set up an app' }));
  const shown = await screen.findByRole('img', { name: 'QR code for your authenticator app' });
  const { container } = render(<QrCode text={appAddress('GEZDGNBVGY3TQOJQ', email)} label="" />);
  expect(shown.querySelector('path')?.getAttribute('d')).toBe(
    container.querySelector('path')?.getAttribute('d'),
  );
});
