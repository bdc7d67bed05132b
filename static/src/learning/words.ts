import words from '../../locales/en.learning.json'
import { learn } from '../lib/i18n'

learn(words)
