import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import SentenceList from '../../../renderer/parts/SentenceList.vue';

const list = (count: number) =>
  mount(SentenceList, { props: { sentences: Array.from({ length: count }, (_, at) => `Guest ${at} gets less.`) } });

describe('a list of sentences', () => {
  it('shows the first of many, and all on demand', async () => {
    const wrapper = list(20);
    expect(wrapper.findAll('li')).toHaveLength(5);
    await wrapper.get('button').trigger('click');
    expect(wrapper.findAll('li')).toHaveLength(20);
    expect(wrapper.find('button').exists()).toBe(false);
  });
  it('hides no single line', () => {
    expect(list(6).findAll('li')).toHaveLength(6);
    expect(list(6).find('button').exists()).toBe(false);
    expect(list(7).get('button').text()).toBe('Show 2 more');
  });
});
