import { sentence } from '../../core/errors';
import { type Pin, type Spot, choosePin, scanPlace, spotOf, spotWords } from '../../services/place';

/** Where it is: home as long as nothing else is said, from the list, on the map, by a code on the wall, or in words. */
Component({
  properties: {
    spot: { type: Object, value: null as unknown as Spot },
    /** The spot is the own home, taken because nothing else was said. */
    assumed: { type: Boolean, value: false },
    pin: { type: Object, value: null as unknown as Pin },
    words: { type: String, value: '' },
  },
  data: { where: '', picking: false },
  observers: {
    'spot, assumed, pin'(spot: Spot | null, assumed: boolean, pin: Pin | null) {
      this.setData({ where: spot && !(pin && assumed) ? spotWords(spot) : '' });
    },
  },
  methods: {
    openPlaces() {
      this.setData({ picking: true });
    },
    closePlaces() {
      this.setData({ picking: false });
    },
    choosePlace(event: WechatMiniprogram.CustomEvent<Spot>) {
      this.setData({ picking: false });
      this.say({ spot: event.detail, assumed: false });
    },
    async choosePin() {
      await this.attempt(async () => {
        const pin = await choosePin(this.data.pin);
        if (pin) this.say({ pin });
      });
    },
    unpin() {
      this.say({ pin: null });
    },
    async scan() {
      await this.attempt(async () => {
        const key = await scanPlace();
        if (key) this.say({ spot: await spotOf(key), assumed: false });
      });
    },
    typed(event: WechatMiniprogram.TextareaInput) {
      this.say({ placeWords: event.detail.value });
    },
    /** Tell the page what is new. */
    say(news: { spot?: Spot; assumed?: boolean; pin?: Pin | null; placeWords?: string }) {
      this.triggerEvent('change', news);
    },
    async attempt(deed: () => Promise<void>) {
      try {
        await deed();
      } catch (error) {
        this.triggerEvent('trouble', { said: sentence(error) });
      }
    },
  },
});
