import words from '../../locales/en.account.json'
import { learn } from '../lib/i18n'

learn(words)
