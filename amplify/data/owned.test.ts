import { expect, test } from 'vitest';
import { ownedModels } from '../core/owned.ts';
import { models } from './models.ts';

test('“Delete my data” knows every model: what an owner has is listed, Settings hold the mark', () => {
  expect([...ownedModels, 'Settings'].sort()).toEqual(Object.keys(models).sort());
});
