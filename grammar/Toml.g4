/*
 * TOML 1.0.0 (https://toml.io/en/v1.0.0). Every production has an example in grammar/README.md.
 *
 * The reader starts at `line` once for each line, so that a fault ends with its line. Bare keys and numbers share letters
 * (`1979-05-27 = 1`, `3.14 = 1`): numbers and dates are therefore `atom`s here, and TomlScalar.cs has their shapes. Control
 * characters and bytes that are no UTF-8 are gone before the lexer (TomlDecoder.cs).
 */
grammar Toml;

line          : WS? statement? WS? COMMENT? ( NEWLINE | EOF ) ;

statement     : keyValue
              | tableHeader
              | arrayHeader
              ;

tableHeader   : '[' WS? key WS? ']' ;
arrayHeader   : '[' '[' WS? key WS? ']' ']' ;

keyValue      : key WS? '=' WS? value ;
key           : simpleKey ( WS? '.' WS? simpleKey )* ;
simpleKey     : BARE | BASIC_STRING | LITERAL_STRING ;

value         : quoted
              | scalar
              | array
              | inlineTable
              ;

quoted        : BASIC_STRING | ML_BASIC_STRING | LITERAL_STRING | ML_LITERAL_STRING ;

scalar        : atom+ ( WS atom+ )? ;
atom          : BARE | '.' | '+' | ':' ;

array         : '[' blank* ( value blank* ( ',' blank* value blank* )* ( ',' blank* )? )? ']' ;
blank         : WS | COMMENT | NEWLINE ;

inlineTable   : '{' WS? ( keyValue WS? ( ',' WS? keyValue WS? )* )? '}' ;

LBRACKET      : '[' ;
RBRACKET      : ']' ;
LBRACE        : '{' ;
RBRACE        : '}' ;
EQUALS        : '=' ;
COMMA         : ',' ;
DOT           : '.' ;
PLUS          : '+' ;
COLON         : ':' ;

BARE          : [A-Za-z0-9_-]+ ;

BASIC_STRING      : '"' BASIC_CHARACTER* '"' ;
LITERAL_STRING    : '\'' ~['\r\n]* '\'' ;
ML_BASIC_STRING   : '"""' ( '"'? '"'? ( ~["\\] | ESCAPE ) )* '"""' '"'? '"'? ;
ML_LITERAL_STRING : '\'\'\'' ( '\''? '\''? ~['] )* '\'\'\'' '\''? '\''? ;

OPEN_STRING       : '"' BASIC_CHARACTER* '\\'? | '\'' ~['\r\n]* ;
OPEN_ML_STRING    : '"""' ( '"'? '"'? ( ~["\\] | ESCAPE ) )* '"'? '"'? '\\'?
                  | '\'\'\'' ( '\''? '\''? ~['] )* '\''? '\''?
                  ;

COMMENT       : '#' ~[\r\n]* ;
NEWLINE       : '\r'? '\n' ;
WS            : [ \t]+ ;
JUNK          : . ;

fragment BASIC_CHARACTER : ~["\\\r\n] | '\\' ~[\r\n] ;
fragment ESCAPE          : '\\' . ;
