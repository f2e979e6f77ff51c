import { html, render } from './html.js';

describe('markup', () => {
  it('escapes every value, in text and in attributes', () => {
    const hostile = `<b>&"'`;
    expect(render(html`<a title="${hostile}">${hostile}</a>`)).toBe(
      '<a title="&lt;b&gt;&amp;&quot;&#39;">&lt;b&gt;&amp;&quot;&#39;</a>',
    );
  });

  it('nests without escaping twice, joins lists and leaves out what is not there', () => {
    const items = ['<', 2].map((item) => html`<i>${item}</i>`);
    expect(render(html`${items}${null}${undefined}${false}${0}`)).toBe('<i>&lt;</i><i>2</i>0');
  });

  it('is not made of an object that only looks like it', () => {
    const forged = JSON.parse('{"text":"<script>"}') as string;
    expect(render(html`${forged}`)).not.toContain('<script>');
  });
});
