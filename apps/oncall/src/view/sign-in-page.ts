import { html } from './html.js';
import { document } from './layout.js';

/** `to` is where to go afterwards; `fault` why the last try failed. */
export function signInPage(to: string, fault?: string) {
  return document({
    title: 'Sign in',
    signedIn: false,
    main: html`<h1>Sign in</h1>
      ${fault !== undefined && html`<p class="notice bad" role="alert" id="fault">${fault}</p>`}
      <form class="row" method="post" action="/sign-in">
        <input type="hidden" name="to" value="${to}" />
        <label
          >Operators' secret
          <input
            type="password"
            name="secret"
            required
            maxlength="500"
            autocomplete="current-password"
            ${fault !== undefined && html`aria-describedby="fault" aria-invalid="true"`}
          />
        </label>
        <button>Sign in</button>
      </form>
      <p class="quiet">
        It is the OPERATOR_SECRET of this installation. After <code>npm start</code> it stands in
        <code>secrets.json</code> of the data folder, as <code>operatorSecret</code>.
      </p>`,
  });
}

export function faultPage(title: string, detail: string, searched = '') {
  return document({
    title,
    signedIn: true,
    searched,
    main: html`<h1>${title}</h1>
      <p class="notice">${detail}</p>
      <p><a href="/">Recent traces</a></p>`,
  });
}
