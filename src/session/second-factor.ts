import { ask } from './cognito.ts';
import type { Backend } from './outputs.ts';

/** The code of an authenticator app that signing in asks for beside the password. */
export interface SecondFactor {
  isOn(): Promise<boolean>;
  /** A new key for the app. Nothing is asked for before `confirm`. */
  begin(): Promise<string>;
  /** Switches it on, if this is the code that the app shows now. Gives whether it was. */
  confirm(code: string): Promise<boolean>;
  end(): Promise<void>;
}

/** Asks Cognito itself, as the signed-in user. Every call throws when it can't be asked. */
export function createSecondFactor(
  backend: Backend,
  accessToken: () => Promise<string>,
  get: typeof fetch = (...args) => fetch(...args),
): SecondFactor {
  async function call(operation: string, body: object = {}): Promise<Record<string, unknown>> {
    const response = await ask(backend, operation, { AccessToken: await accessToken(), ...body }, get);
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new CognitoRefused(String(answer.__type ?? response.status));
    return answer;
  }
  const prefer = (Enabled: boolean) =>
    call('SetUserMFAPreference', { SoftwareTokenMfaSettings: { Enabled, PreferredMfa: Enabled } });
  return {
    isOn: async () => {
      const { UserMFASettingList = [] } = await call('GetUser');
      return (UserMFASettingList as string[]).includes('SOFTWARE_TOKEN_MFA');
    },
    begin: async () => String((await call('AssociateSoftwareToken')).SecretCode),
    confirm: async (UserCode) => {
      try {
        const { Status } = await call('VerifySoftwareToken', { UserCode });
        if (Status !== 'SUCCESS') return false;
      } catch (error) {
        const isWrong = /EnableSoftwareTokenMFA|CodeMismatch|InvalidParameter/.test((error as Error).message);
        if (error instanceof CognitoRefused && isWrong) return false;
        throw error;
      }
      await prefer(true);
      return true;
    },
    end: async () => void (await prefer(false)),
  };
}

/** Cognito said no; the message is its name for why. */
class CognitoRefused extends Error {}

/** What a QR code for an authenticator app holds: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function appAddress(secret: string, email: string | null): string {
  const issuer = 'Serverless OpenClaw';
  const label = encodeURIComponent(email ? `${issuer}:${email}` : issuer);
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
}
