// vSL, tokens. Generated code: Vsmtp.Vsl/Generated (eng/generate-parsers). Productions with examples: README.md.
lexer grammar VslLexer;

options { superClass = Parsing.VslLexerBase; }

LINE_COMMENT : '//' ~[\r\n]* -> skip ;
COMMENT_OPEN : '/*' -> skip, pushMode(COMMENT) ;
WHITE_SPACE  : [ \t\r\n]+ -> skip ;

LET : 'let' ;           CONST : 'const' ;       IF : 'if' ;             ELSE : 'else' ;
SWITCH : 'switch' ;     DO : 'do' ;             WHILE : 'while' ;       UNTIL : 'until' ;
LOOP : 'loop' ;         FOR : 'for' ;           IN : 'in' ;             CONTINUE : 'continue' ;
BREAK : 'break' ;       RETURN : 'return' ;     THROW : 'throw' ;       TRY : 'try' ;
CATCH : 'catch' ;       FN : 'fn' ;             PRIVATE : 'private' ;   IMPORT : 'import' ;
EXPORT : 'export' ;     AS : 'as' ;             GLOBAL : 'global' ;     TRUE : 'true' ;
FALSE : 'false' ;       THIS : 'this' ;         IS : 'is' ;             NOT : 'not' ;

// Words only where the grammar asks for them; elsewhere they are names.
OBJECT : 'object' ;     SERVICE : 'service' ;   RULE : 'rule' ;         ACTION : 'action' ;     DELEGATE : 'delegate' ;

RESERVED_WORD
    : 'public' | 'protected' | 'super' | 'new' | 'use' | 'module' | 'package' | 'var' | 'static' | 'shared' | 'with'
    | 'goto' | 'exit' | 'match' | 'case' | 'default' | 'void' | 'null' | 'nil' | 'spawn' | 'thread' | 'go' | 'sync'
    | 'async' | 'await' | 'yield'
    ;
RESERVED_SYMBOL
    : '===' | '!==' | '->' | '<-' | ':=' | '~' | '::<' | '(*' | '*)' | '#' | '#!' | '++' | '--'
    ;

NAME       : '_'* [A-Za-z] [A-Za-z0-9_]* ;
UNDERSCORE : '_' ;

FLOAT
    : DIGITS '.' [0-9] [0-9_]* EXPONENT?
    | DIGITS EXPONENT
    | DIGITS '.' {PointEndsNumber()}?
    ;
// The digits of other bases are checked later, so that a wrong one is one clear error.
INTEGER : DIGITS | '0' [xXoObB] [0-9A-Za-z_]* ;
fragment DIGITS   : [0-9] [0-9_]* ;
fragment EXPONENT : 'e' [+-]? [0-9] [0-9_]* ;

STRING              : '"' STRING_PART* '"' ;
UNTERMINATED_STRING : '"' STRING_PART* '\\'? ;
CHARACTER              : '\'' CHARACTER_PART* '\'' ;
UNTERMINATED_CHARACTER : '\'' CHARACTER_PART* '\\'? ;
fragment STRING_PART    : '""' | '\\' '\r'? '\n' | '\\' ~[\r\n] | ~["\\\r\n] ;
fragment CHARACTER_PART : '\'\'' | '\\' ~[\r\n] | ~['\\\r\n] ;

TEMPLATE_START : '`' -> pushMode(TEMPLATE) ;

// Braces push a mode so that the one that ends '${' leads back into its template.
LEFT_BRACE  : '{' -> pushMode(DEFAULT_MODE) ;
MAP_OPEN    : '#{' -> pushMode(DEFAULT_MODE) ;
RIGHT_BRACE : '}' -> popMode ;

LEFT_PAREN : '(' ;      RIGHT_PAREN : ')' ;     LEFT_BRACKET : '[' ;    RIGHT_BRACKET : ']' ;
COMMA : ',' ;           SEMICOLON : ';' ;       COLON : ':' ;           PATH : '::' ;
DOT : '.' ;             SAFE_DOT : '?.' ;       SAFE_BRACKET : '?[' ;   ARROW : '=>' ;
RANGE : '..' ;          RANGE_INCLUSIVE : '..=' ;

ASSIGN : '=' ;
ASSIGN_OPERATION : '+=' | '-=' | '*=' | '/=' | '%=' | '**=' | '<<=' | '>>=' | '&=' | '|=' | '^=' ;

OR_OR : '||' ;          PIPE : '|' ;            CARET : '^' ;           AND_AND : '&&' ;        AMPERSAND : '&' ;
EQUAL : '==' ;          NOT_EQUAL : '!=' ;      LESS : '<' ;            LESS_EQUAL : '<=' ;
GREATER : '>' ;         GREATER_EQUAL : '>=' ;  COALESCE : '??' ;       PLUS : '+' ;             MINUS : '-' ;
STAR : '*' ;            SLASH : '/' ;           PERCENT : '%' ;         POWER : '**' ;
SHIFT_LEFT : '<<' ;     SHIFT_RIGHT : '>>' ;    BANG : '!' ;

UNKNOWN : . ;

mode COMMENT;
NESTED_OPEN   : '/*' -> skip, pushMode(COMMENT) ;
COMMENT_CLOSE : '*/' -> skip, popMode ;
COMMENT_TEXT  : (~[*/]+ | .) -> skip ;

mode TEMPLATE;
TEMPLATE_END    : '`' -> popMode ;
TEMPLATE_OPEN   : '${' -> pushMode(DEFAULT_MODE) ;
TEMPLATE_TEXT   : ('``' | ~[`$])+ ;
TEMPLATE_DOLLAR : '$' -> type(TEMPLATE_TEXT) ;
