import { look } from '../../core/look';

Page({ behaviors: [look] });
