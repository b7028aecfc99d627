import '@aws-amplify/ui-react/styles.css';
import './sign-in.css';
import { Authenticator, translations } from '@aws-amplify/ui-react';
import { Amplify } from 'aws-amplify';
import { Hub, I18n } from 'aws-amplify/utils';
import { useEffect, useState } from 'react';
import type { Language } from '../../amplify/core/language.ts';
import { Orb } from '../agent/orb.tsx';
import { usePreferences } from '../i18n/preferences.tsx';
import { LanguageChoice } from '../settings/language-choice.tsx';
import { Logo } from '../shell/logo.tsx';
import type { AmplifyOutputs, Deployment } from './outputs.ts';
import { signInTexts } from './sign-in-texts.ts';

I18n.putVocabularies(translations);
I18n.putVocabularies(signInTexts);

/** Amplify's texts are global; the form is drawn anew when their language changes. */
function useFormLanguage(language: Language): Language {
  const [shown, setShown] = useState(() => {
    I18n.setLanguage(language);
    return language;
  });
  useEffect(() => {
    I18n.setLanguage(language);
    setShown(language);
  }, [language]);
  return shown;
}

interface SignInProps {
  outputs: AmplifyOutputs;
  deployment: Deployment;
  /** `ended`: a session has ended that was not ended here. `erased`: who was signed in has everything erased. */
  note: 'ended' | 'erased' | null;
  /** The tokens lie in the browser's storage now. */
  onSignedIn(): void;
}

/** Sign-in, sign-up and forgotten passwords, by Amplify UI: the only part of the page that works with Amplify. */
export function SignIn({ outputs, deployment, note, onSignedIn }: SignInProps) {
  // Before the form looks at it for the first time.
  useState(() => Amplify.configure(outputs));
  useEffect(
    () =>
      Hub.listen('auth', ({ payload }) => {
        if (payload.event === 'signedIn') onSignedIn();
      }),
    [onSignedIn],
  );
  const { t, language } = usePreferences();
  const shown = useFormLanguage(language);
  return (
    <div className="sign-in">
      <header className="sign-in-bar">
        <span className="sign-in-brand">
          <Logo size={28} />
          {t.app.name}
        </span>
        <LanguageChoice />
      </header>
      <main className="sign-in-main">
        <section className="sign-in-story">
          <Orb state="asleep" size="huge" />
          <h1>{t.session.headline}</h1>
          <p>{t.session.pitch}</p>
        </section>
        <section className="sign-in-form" aria-label={t.app.name}>
          {note && (
            <p className="sign-in-note" role="status">
              {t.session[note]}
            </p>
          )}
          <Authenticator key={shown} hideSignUp={!deployment.signUpOpen} />
          {!deployment.signUpOpen && <p className="sign-in-note">{t.session.invited}</p>}
        </section>
      </main>
    </div>
  );
}
