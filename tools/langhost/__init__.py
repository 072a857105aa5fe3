"""The Python language host of the engine that we build ourselves: upstream's own can't be had as a module.

Owns serving pulumi's `LanguageRuntime` protocol: choosing the interpreter, running programs and policy packs, and
ending them when the engine ends, however it ends. Not the engine (`tools/toolchain`), nor generating or packaging code:
those calls stay unimplemented, which the engine understands.
"""
