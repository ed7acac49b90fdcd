// Keeps the page itself, so that it opens without the gateway and says so. What people say is never kept here.
const cacheName = 'reeve-page-1';
const isAsset = (path) =>
  path.startsWith('/assets/') || /^\/(icon[\w-]*\.(svg|png)|manifest\.webmanifest)$/.test(path);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

const keep = async (request, response) => {
  if (!response.ok || response.redirected) return;
  const cache = await caches.open(cacheName);
  await cache.put(request, response);
};

/** Names of assets carry a hash of what is inside: one that is kept is right for ever. */
const assetFirst = async (event) => {
  const kept = await caches.match(event.request);
  if (kept) return kept;
  const response = await fetch(event.request);
  event.waitUntil(keep(event.request, response.clone()));
  return response;
};

const pageFirst = async (event) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep('/', response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw error;
  }
};

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (isAsset(pathname)) event.respondWith(assetFirst(event));
  else if (event.request.mode === 'navigate' && /^\/($|s\/|settings)/.test(pathname))
    event.respondWith(pageFirst(event));
});
