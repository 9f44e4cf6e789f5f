package console

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

const (
	barWidth  = 20
	refresh   = 100 * time.Millisecond
	clearLine = "\r\x1b[2K"
	lineUp    = "\x1b[1A"
	green     = "\x1b[32m"
	red       = "\x1b[31m"
	yellow    = "\x1b[33m"
	plain     = "\x1b[0m"
)

// terminal returns the size of the terminal that out is, if it is one that can be drawn on.
func terminal(out io.Writer) (width, height int, ok bool) {
	f, isFile := out.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) || os.Getenv("TERM") == "dumb" {
		return 0, 0, false
	}
	width, height, err := term.GetSize(int(f.Fd()))
	if height < 5 { // it does not tell, or is too low to matter
		height = 24
	}
	return width, height, err == nil
}

// A screen has lines that stay and, below them, a drawing that is drawn anew.
type screen struct {
	out   io.Writer
	width int // of the terminal

	mu    sync.Mutex
	drawn int // lines of the last drawing
}

// erase takes the last drawing away.
func (s *screen) erase() error {
	_, err := io.WriteString(s.out, strings.Repeat(lineUp+clearLine, s.drawn))
	s.drawn = 0
	return err
}

// draw replaces the last drawing.
func (s *screen) draw(lines []string) error {
	if err := s.erase(); err != nil {
		return err
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(cut(line, s.width) + "\n")
	}
	s.drawn = len(lines)
	_, err := io.WriteString(s.out, b.String())
	return err
}

// tick calls draw, with the screen locked, until stop is called, which waits for the last drawing.
func (s *screen) tick(draw func() error) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		t := time.NewTicker(refresh)
		defer t.Stop()
		for {
			select {
			case <-done:
				return
			case <-t.C:
				s.mu.Lock()
				err := draw()
				s.mu.Unlock()
				if err != nil {
					return // the next event meets it too, and tells
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

// bar shows how much is done of a total; a total of 0 is unknown.
func bar(done, total int) string {
	if total == 0 {
		return fmt.Sprintf("%d done", done)
	}
	total = max(total, done)
	filled := barWidth * done / total
	return fmt.Sprintf("%s%s %2d/%-2d", strings.Repeat("█", filled), strings.Repeat("░", barWidth-filled), done, total)
}

// cut shortens a line so that it does not wrap.
func cut(line string, width int) string {
	if utf8.RuneCountInString(line) < width || width < 2 {
		return line
	}
	return string([]rune(line)[:width-1])
}
