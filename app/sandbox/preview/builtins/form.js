/** <form>: what its fields hold, by their names. */
import { componentOf, fire, host } from "./kit.js";

/** Every named field below: built-in ones, and components with the behaviour wx://form-field. */
function fields(c) {
  return [...host(c).querySelectorAll("*")].flatMap((element) => {
    const one = componentOf(element);
    const name = one?.data?.name;
    if (!name) return [];
    if (element.formField) return [[name, element.formField]];
    const own = "value" in one.data && !element.localName.startsWith("wx-");
    return own ? [[name, { get: () => one.data.value, reset: () => one.setData({ value: "" }) }]] : [];
  });
}

export const FORMS = {
  form: {
    attached(c) {
      c.submit = () =>
        fire(c, "submit", { value: Object.fromEntries(fields(c).map(([name, one]) => [name, one.get()])), formId: "" });
      c.reset = () => {
        for (const [, one] of fields(c)) one.reset();
        fire(c, "reset");
      };
    },
  },
};
