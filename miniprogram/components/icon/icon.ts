import { SHAPES } from './shapes';

/** One of our icons, in the colour and size of the words beside it. It says nothing to a screen reader: the words do. */
Component({
  properties: {
    name: { type: String, value: '' },
    /** A length with its unit; without one it goes with the text. */
    size: { type: String, value: '' },
    color: { type: String, value: '' },
  },
  data: { drawn: '' },
  observers: {
    'name, size, color'(name: string, size: string, color: string) {
      this.setData({ drawn: name ? style(name, size, color) : 'display:none' });
    },
  },
});

function style(name: string, size: string, color: string): string {
  const shape = SHAPES[name];
  if (shape === undefined) throw new Error(`icon: there is no "${name}" in components/icon/shapes.ts`);
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#000' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'><path d='${shape}'/></svg>`;
  const image = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
  const room = size ? `width:${size};height:${size};` : '';
  return `-webkit-mask-image:${image};mask-image:${image};${room}${color ? `background:${color};` : ''}`;
}
