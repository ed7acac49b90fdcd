import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Broken } from './broken.tsx';
import { loadLanguage } from './lib/i18n.ts';
import './lib/theme.ts';

await loadLanguage();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Broken>
      <App />
    </Broken>
  </StrictMode>,
);

// A page that opens without the gateway; browsers allow it only where the page is served securely.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => {});
