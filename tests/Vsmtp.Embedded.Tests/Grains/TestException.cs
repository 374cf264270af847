namespace Vsmtp.Embedded.Tests.Grains;

public sealed class TestException(string text) : Exception(text);
