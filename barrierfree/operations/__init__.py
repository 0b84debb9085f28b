"""One function per user action that needs several rooms; takes a Store, progress and cancel, knows no Qt."""
