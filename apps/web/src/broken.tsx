import { Component, type ReactNode } from 'react';
import { t } from './lib/i18n.ts';
import { Notice } from './session/notices.tsx';
import { Button } from './ui/button.tsx';

/** What is shown when drawing the page fails: never an empty window. */
export class Broken extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    if (!this.state.isBroken) return this.props.children;
    return (
      <main className="flex h-full flex-col">
        <Notice icon="alert" title={t('broken')} text={t('brokenDetail')}>
          <Button onClick={() => location.reload()}>{t('reload')}</Button>
        </Notice>
      </main>
    );
  }
}
