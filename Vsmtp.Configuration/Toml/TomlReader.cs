using System.Collections.Immutable;
using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using Vsmtp.Configuration.Generated;

namespace Vsmtp.Configuration.Toml;

/// <summary>
/// Reads TOML 1.0.0. Any input gives a document; what is wrong with it is in its faults, all of it and not the first only.
/// </summary>
internal sealed class TomlReader
{
    private readonly TomlSource _source;
    private readonly TomlFaultList _faults;
    private readonly CommonTokenStream _tokens;
    private readonly TomlParser _parser;
    private readonly TomlBuilder _builder;

    private TomlReader(TomlSource source, string text, TomlFaultList faults)
    {
        _source = source;
        _faults = faults;
        var lexer = new TomlLexer(new AntlrInputStream(text));
        lexer.RemoveErrorListeners();
        _tokens = new(lexer);
        _tokens.Fill();
        _parser = new(_tokens) { ErrorHandler = new BailErrorStrategy(), Interpreter = { PredictionMode = PredictionMode.SLL } };
        _parser.RemoveErrorListeners();
        _builder = new(source, faults);
    }

    /// <param name="name">The file's name in faults.</param>
    public static TomlDocument Read(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length > TomlDecoder.MaxBytes)
        {
            var fault = ConfigurationFault.Error($"the file is larger than {TomlDecoder.MaxBytes} bytes", new(name, 0, 0, null));
            return new(new(new(new(name, ""), 0), TomlTableOrigin.Header), [fault]);
        }

        var (text, invalid) = TomlDecoder.Decode(bytes);
        var source = new TomlSource(name, text);
        var faults = new TomlFaultList();
        foreach (var index in invalid)
        {
            faults.Add(new(source, index), "the file is not UTF-8 here");
        }

        return Read(source, text, faults);
    }

    public static TomlDocument Read(TomlSource source, string text) => Read(source, text, new());

    private static TomlDocument Read(TomlSource source, string text, TomlFaultList faults)
    {
        var clean = TomlDecoder.TakeOutControlCharacters(source, text, faults);
        var root = new TomlReader(source, clean, faults).ReadLines();
        return new(root, faults.ToFaults());
    }

    private TomlTable ReadLines()
    {
        while (_tokens.LA(1) != TokenConstants.EOF && !_faults.IsFull)
        {
            ReadLine();
        }

        return _builder.Root;
    }

    private void ReadLine()
    {
        var start = _tokens.Index;
        if (TomlRecovery.FindTooDeep(_tokens, start) is { } deep)
        {
            Skip(start, deep.TokenIndex, deep, $"brackets are nested deeper than {TomlRecovery.MaxNesting}");
            return;
        }

        try
        {
            var line = _parser.line();
            _builder.Add(line);
        }
        catch (ParseCanceledException canceled) when (canceled.InnerException is RecognitionException fault)
        {
            Skip(start, fault.OffendingToken.TokenIndex, fault.OffendingToken, TomlSyntaxMessage.For(fault));
        }
    }

    private void Skip(int start, int offending, IToken token, string message)
    {
        var mark = new TomlMark(_source, token.StartIndex);
        // A control character that was taken out has already been told; what it did to its line is no news.
        if (!_faults.HasAnyOnLine(mark))
        {
            _faults.Add(mark, message);
        }

        if (TomlRecovery.IsHeaderAttempt(_tokens, start))
        {
            _builder.EnterUnknownTable(mark);
        }

        _tokens.Seek(TomlRecovery.FindNextLine(_tokens, start, offending));
    }
}
