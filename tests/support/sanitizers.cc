// What the sanitizers of the builds in CMakePresets.json are asked for; without one, nobody calls these. They speak
// C, and their names are the sanitizers' own.

extern "C" {

const char* __asan_default_options() { return "detect_stack_use_after_return=1:strict_string_checks=1"; }

const char* __ubsan_default_options() { return "print_stacktrace=1"; }

const char* __tsan_default_options() { return "second_deadlock_stack=1:history_size=4"; }

// libstdc++'s count of who holds an exception that went from thread to thread is atomic, but not compiled to be
// watched.
const char* __tsan_default_suppressions() { return "race:std::__exception_ptr::exception_ptr::_M_release\n"; }
}
