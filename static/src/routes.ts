import type { Route } from './lib/router.svelte'

// Every page of the web app.
export const routes: Route[] = [
  { path: '/', load: () => import('./catalogue/Home.svelte') },
  { path: '/courses', load: () => import('./catalogue/Courses.svelte') },
  { path: '/courses/{slug}', load: () => import('./catalogue/CoursePage.svelte') },
  { path: '/pricing', load: () => import('./billing/Pricing.svelte') },
  { path: '/signup', load: () => import('./accounts/SignUp.svelte') },
  { path: '/signin', load: () => import('./accounts/SignIn.svelte') },
  { path: '/verify-email', load: () => import('./accounts/VerifyEmail.svelte') },
  { path: '/forgot-password', load: () => import('./accounts/ForgotPassword.svelte') },
  { path: '/reset-password', load: () => import('./accounts/ResetPassword.svelte') },
  { path: '/confirm-email', load: () => import('./accounts/ConfirmEmail.svelte') },
  { path: '/accept-invite', load: () => import('./accounts/AcceptInvite.svelte') },
  { path: '/setup', load: () => import('./accounts/Setup.svelte') },
  { path: '/app', load: () => import('./learning/Dashboard.svelte'), user: true },
  { path: '/app/progress', load: () => import('./learning/ProgressPage.svelte'), user: true },
  { path: '/app/lessons/{id}', load: () => import('./learning/LessonPage.svelte') },
  { path: '/app/checkout/{id}', load: () => import('./billing/CheckoutReturn.svelte'), user: true },
  { path: '/app/account', load: () => import('./accounts/Account.svelte'), user: true },
  { path: '/app/account/security', load: () => import('./accounts/Security.svelte'), user: true },
  { path: '/app/account/devices', load: () => import('./accounts/Devices.svelte'), user: true },
  { path: '/app/account/keys', load: () => import('./accounts/Keys.svelte'), user: true },
  { path: '/app/account/subscription', load: () => import('./accounts/Subscription.svelte'), user: true },
  { path: '/admin/users', load: () => import('./admin/People.svelte'), user: true },
  { path: '/admin/users/import', load: () => import('./admin/Import.svelte'), user: true },
  { path: '/admin/users/{id}', load: () => import('./admin/Person.svelte'), user: true },
]
