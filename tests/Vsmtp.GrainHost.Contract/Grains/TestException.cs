namespace Vsmtp.GrainHost.Contract.Grains;

public sealed class TestException(string text) : Exception(text);
