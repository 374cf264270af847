// vSL, productions. Operators are a flat list here; their order is in Vsmtp.Vsl/Parsing/Precedence.cs (language §4).
parser grammar VslParser;

options { tokenVocab = VslLexer; superClass = Parsing.VslParserBase; }

file : statements EOF ;

// That ';' stands between two statements, unless the first ends with '}', is checked by the tree builder.
statements : (statement | SEMICOLON)* ;

block : LEFT_BRACE statements RIGHT_BRACE ;

statement
    : letStatement
    | constStatement
    | functionDeclaration
    | importStatement
    | exportStatement
    | breakStatement
    | continueStatement
    | returnStatement
    | throwStatement
    | tryStatement
    | blockExpression
    | expressionStatement
    ;

letStatement        : LET name (ASSIGN expression)? ;
constStatement      : CONST name ASSIGN expression ;
functionDeclaration : PRIVATE? FN name LEFT_PAREN parameters? RIGHT_PAREN block ;
parameters          : name (COMMA name)* COMMA? ;
importStatement     : IMPORT expression (AS name)? ;
exportStatement     : EXPORT (letStatement | constStatement | name (AS name)?) ;
breakStatement      : BREAK expression? ;
continueStatement   : CONTINUE ;
returnStatement     : RETURN expression? ;
throwStatement      : THROW expression? ;
tryStatement        : TRY block CATCH (LEFT_PAREN name RIGHT_PAREN)? block ;

// A statement that begins with a block-like expression is that expression alone: 'if a { } -1' are two statements.
expressionStatement
    : assignable suffix* (assignmentOperator expression | (binaryOperator operand)*)
    | leadingOperand (binaryOperator operand)*
    | openExpression
    ;
leadingOperand : prefixOperator+ primary suffix* | plainPrimary suffix* ;

expression : openExpression | operand (binaryOperator operand)* ;
operand    : prefixOperator* primary suffix* ;

// These end with a statement or an expression, so nothing can follow them; elsewhere they stand in parentheses.
openExpression : closure | objectDeclaration | serviceDeclaration | directive ;

prefixOperator : MINUS | PLUS | BANG ;
binaryOperator
    : OR_OR | PIPE | CARET | AND_AND | AMPERSAND | EQUAL | NOT_EQUAL | IS | NOT | IN | BANG IN
    | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | COALESCE | RANGE | RANGE_INCLUSIVE
    | PLUS | MINUS | STAR | SLASH | PERCENT | POWER | SHIFT_LEFT | SHIFT_RIGHT
    ;
assignmentOperator : ASSIGN | ASSIGN_OPERATION ;

suffix
    : (DOT | SAFE_DOT) name arguments?                                  # memberSuffix
    | (LEFT_BRACKET | SAFE_BRACKET) expression RIGHT_BRACKET            # indexSuffix
    ;
arguments : LEFT_PAREN (expression (COMMA expression)* COMMA?)? RIGHT_PAREN ;

primary      : assignable | plainPrimary | blockExpression ;
assignable   : path | THIS ;
plainPrimary : literal | template | unit | group | array | map ;

unit  : LEFT_PAREN RIGHT_PAREN ;
group : LEFT_PAREN expression RIGHT_PAREN ;

literal  : INTEGER | FLOAT | STRING | CHARACTER | TRUE | FALSE ;
template : TEMPLATE_START templatePart* TEMPLATE_END ;
templatePart
    : TEMPLATE_TEXT                             # templateText
    | TEMPLATE_OPEN statements RIGHT_BRACE      # templateHole
    ;

path : (NAME | (GLOBAL | contextualWord) PATH name) (PATH name)* (BANG? arguments)? ;

array    : LEFT_BRACKET (expression (COMMA expression)* COMMA?)? RIGHT_BRACKET ;
map      : MAP_OPEN (mapEntry (COMMA mapEntry)* COMMA?)? RIGHT_BRACE ;
mapEntry : (name | STRING) COLON expression ;

closure : (OR_OR | PIPE parameters? PIPE) statement ;

objectDeclaration  : OBJECT name kind ASSIGN expression ;
serviceDeclaration : SERVICE name kind ASSIGN expression ;
kind               : name (COLON name)? ;
directive          : (RULE | ACTION) STRING expression | DELEGATE expression STRING expression ;

blockExpression : ifExpression | switchExpression | whileLoop | endlessLoop | doLoop | forLoop | block ;

ifExpression     : IF expression block (ELSE IF expression block)* (ELSE block)? ;
switchExpression : SWITCH expression LEFT_BRACE (switchCase COMMA?)* RIGHT_BRACE ;
switchCase       : (UNDERSCORE | expression) (IF expression)? ARROW statement ;
whileLoop        : WHILE expression block ;
endlessLoop      : LOOP block ;
doLoop           : DO block (WHILE | UNTIL) expression ;
forLoop          : FOR (name | LEFT_PAREN name COMMA name RIGHT_PAREN) IN expression block ;

name           : NAME | contextualWord ;
contextualWord : OBJECT | SERVICE | RULE | ACTION | DELEGATE ;
