import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type { RunningStack } from '../stack/running-stack.ts';
import type { Words } from './words.ts';

export interface Account {
  readonly email: string;
  readonly password: string;
}

export class SignInPage {
  readonly #page: Page;
  readonly #stack: RunningStack;
  readonly #words: Words;

  constructor(page: Page, stack: RunningStack, words: Words) {
    this.#page = page;
    this.#stack = stack;
    this.#words = words;
  }

  async open(): Promise<void> {
    await this.#page.goto('/');
    await expect(this.#page.getByRole('tab', { name: this.#words.createAccount })).toBeVisible();
  }

  /** Fills in a new account and sends it: a code is mailed. */
  async begin(): Promise<Account> {
    const account = { email: `${randomUUID().slice(0, 8)}@example.com`, password: `Pass-${randomUUID()}` };
    const { createAccount, email, password, confirmPassword } = this.#words;
    await this.open();
    await this.#page.getByRole('tab', { name: createAccount }).click();
    await this.#page.getByLabel(email, { exact: true }).fill(account.email);
    await this.#page.getByLabel(password, { exact: true }).fill(account.password);
    await this.#page.getByLabel(confirmPassword, { exact: true }).fill(account.password);
    await this.#page.getByRole('tabpanel').getByRole('button', { name: createAccount }).click();
    await expect(this.#page.getByLabel(this.#words.code)).toBeVisible();
    return account;
  }

  async confirm(code: string): Promise<void> {
    await this.#page.getByLabel(this.#words.code).fill(code);
    await this.#page.getByRole('button', { name: this.#words.confirm, exact: true }).click();
  }

  /** A new account, confirmed and signed in. */
  async signUp(): Promise<Account> {
    const account = await this.begin();
    const { code } = await this.#stack.mailTo(account.email);
    await this.confirm(code ?? '');
    return account;
  }

  async signIn({ email, password }: Account): Promise<void> {
    await this.open();
    await this.#page.getByLabel(this.#words.email, { exact: true }).fill(email);
    await this.#page.getByLabel(this.#words.password, { exact: true }).fill(password);
    await this.#page.getByRole('tabpanel').getByRole('button', { name: this.#words.signIn }).click();
  }
}
