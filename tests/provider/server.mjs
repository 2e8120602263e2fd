// A real OpenID provider for the tests: the certified `oidc-provider`, as Okta would be there.
// Its one argument is JSON: redirect_uris, client_id, client_secret, and accounts, each with its
// claims. It writes its address on one line, and ends with its standard input.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const asked = JSON.parse(process.argv[2]);
const acrValues = ['phr', 'urn:low'];
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const configuration = {
  clients: [{
    client_id: asked.client_id,
    client_secret: asked.client_secret,
    redirect_uris: asked.redirect_uris,
  }],
  jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256', kid: 'of-this-run' }] },
  cookies: { keys: ['of-this-run'] },
  claims: { acr: null, auth_time: null, openid: ['sub'], email: ['email', 'email_verified'] },
  acrValues,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, { uid }) => `/sign-in/${uid}` },
  findAccount: (ctx, sub) => asked.accounts[sub]
    && { accountId: sub, claims: () => ({ sub, ...asked.accounts[sub] }) },
  // No question whether the desk may know the e-mail address: as with an employer's provider.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
};

const page = `<!doctype html><html lang="en"><title>Provider</title><body><main><h1>Provider</h1>
<form method="post"><label>Account <input name="account"></label>
<label>Strength <input name="acr" value="phr"></label><button>Sign in</button></form></main></body></html>`;

let provider;

async function interact(request, response) {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    return;
  }
  let body = '';
  for await (const chunk of request) body += chunk;
  const { account, acr } = Object.fromEntries(new URLSearchParams(body));
  const result = account
    ? { login: { accountId: account, ...(acr ? { acr } : {}) } }
    : { error: 'access_denied' };
  await provider.interactionFinished(request, response, result);
}

const server = createServer((request, response) => (
  request.url.startsWith('/sign-in/') ? interact(request, response) : provider.callback()(request, response)
));
server.listen(0, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(address, configuration);
  process.stdout.write(`${address}\n`);
});
process.stdin.resume().on('end', () => process.exit(0));
