const roleMap =
  'Rollen nach Gruppe, als gruppe=rolle; die erste passende Zeile zählt. Leer lässt Rollen, wie sie sind.';
const defaultRole = 'Rolle der Menschen in keiner dieser Gruppen; leer = sie werden abgewiesen.';
const allowSignUp =
  'Ein Konto für Menschen anlegen, die keines haben; sonst müssen sie eingeladen oder angelegt worden sein.';
const label = 'Wie die Anmeldeseite ihn nennt; leer = sein Name.';
const tenant = 'Mandant, dessen Menschen sich damit anmelden.';

/** Settings of signing in elsewhere, of rates and of the audit. */
export const gatewaySettingsDe: Record<string, string> = {
  'identity.oidc.<name>.issuer':
    'Adresse des OpenID-Anbieters, genau wie er sich selbst nennt. HTTPS, außer auf diesem Rechner.',
  'identity.oidc.<name>.clientId': 'Kennung von Reeve beim Anbieter.',
  'identity.oidc.<name>.clientSecret':
    'Sein Geheimnis, am besten als secret:NAME; leer für einen öffentlichen Client.',
  'identity.oidc.<name>.scopes': 'Wonach gefragt wird.',
  'identity.oidc.<name>.groupsClaim': 'Angabe (Claim), die die Gruppen eines Menschen nennt.',
  'identity.oidc.<name>.domains':
    'Domains von E-Mail-Adressen, die sich anmelden dürfen; leer = alle, die der Anbieter bestätigt hat.',
  'identity.oidc.<name>.label': label,
  'identity.oidc.<name>.tenant': tenant,
  'identity.oidc.<name>.roleMap': roleMap,
  'identity.oidc.<name>.defaultRole': defaultRole,
  'identity.oidc.<name>.allowSignUp': allowSignUp,
  'identity.saml.<name>.metadata': 'Metadaten des Identitätsanbieters, als XML. Sonst die nächsten drei.',
  'identity.saml.<name>.idpEntityId': 'Entity-Id des Identitätsanbieters.',
  'identity.saml.<name>.entryPoint': 'Adresse seiner Anmeldung (HTTP-Redirect).',
  'identity.saml.<name>.certificate': 'Zertifikat, mit dem seine Antworten signiert sind, als PEM.',
  'identity.saml.<name>.entityId': 'Wie Reeve sich dort nennt; leer = die Adresse seiner Metadaten.',
  'identity.saml.<name>.emailAttribute': 'Attribut mit der E-Mail-Adresse; `nameId` = die Name-Id.',
  'identity.saml.<name>.nameAttribute': 'Attribut mit dem Namen.',
  'identity.saml.<name>.groupsAttribute': 'Attribut mit den Gruppen.',
  'identity.saml.<name>.domains':
    'Domains, für deren E-Mail-Adressen der Anbieter spricht. Außerhalb davon gilt keine Adresse.',
  'identity.saml.<name>.label': label,
  'identity.saml.<name>.tenant': tenant,
  'identity.saml.<name>.roleMap': roleMap,
  'identity.saml.<name>.defaultRole': defaultRole,
  'identity.saml.<name>.allowSignUp': allowSignUp,
  'identity.scim.roleMap': roleMap,
  'identity.scim.defaultRole': 'Rolle angelegter Menschen und derer in keiner dieser Gruppen.',
  'identity.maxGuests':
    'Gäste, die ein Mandant haben darf: von Kanälen und Proxys angelegt, bis keine mehr dazukommen.',
  'identity.unknownSenders':
    'Was jemand auf einem Chat-Kanal ist, den Reeve nicht kennt: ein Gast, oder abgewiesen.',
  'rates.requestsPerMinute': 'Anfragen eines Menschen in einer Minute; 0 = so viele kommen.',
  'rates.addressRequestsPerMinute': 'Anfragen von einer Adresse in einer Minute; 0 = so viele kommen.',
  'rates.messagesPerMinute': 'Nachrichten eines Menschen in einer Minute; 0 = so viele kommen.',
  'rates.channelMessagesPerMinute': 'Nachrichten auf einem Kanal in einer Minute; 0 = so viele kommen.',
  'rates.toolCallsPerMinute': 'Werkzeugaufrufe eines Menschen in einer Minute; 0 = so viele kommen.',
  'rates.tools.<name>': 'Aufrufe dieses Werkzeugs durch einen Menschen in einer Minute; 0 = so viele kommen.',
  'rates.methods.<name>':
    'Anfragen eines Menschen an diese Methode der Schnittstelle in einer Minute; 0 = so viele kommen.',
  'audit.retentionDays':
    'Tage, die das Protokoll aufbewahrt wird; 0 = für immer. Was `reeve audit hold` festhält, bleibt.',
};
